// order: dom.js store.js fields.js inputs.js formfile.js drawn.js readout.js print.js choice.js match.js order.js hottext.js text.js facts.js dialogue.js rounds.js model.js survey.js change.js form.js discussion.js stage.js exercise.js table.js review.js summary.js planner.js player.js
// The Player: shows one view of the kernel's (exercise, figure, table or review) and passes on what a person
// does. It decides nothing, and needs nothing but anywidget's `model` and `el`.
import { exerciseOf } from "./exercise.js";
import { tableOf } from "./table.js";
import { reviewOf } from "./review.js";
import { summaryOf } from "./summary.js";
import { plannerOf } from "./planner.js";

const VIEWS = { exercise: exerciseOf, figure: exerciseOf, table: tableOf, review: reviewOf, summary: summaryOf, planner: plannerOf };

export default {
  initialize() {},
  render({ model, el }) {
    return VIEWS[model.get("exercise").type]?.(model, el);
  },
};
