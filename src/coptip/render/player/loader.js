// In JupyterLab and under stock Voilà the kernel sends the Player's script and style once, in a model of their own;
// each Player takes them from there by this file. Our own page serves the Player's files and has no use for it.
const loaded = (globalThis.coptipPlayers ??= new Map());

/** The Player that the library model holds; its style goes into the page once. */
async function playerOf(model) {
  const library = await model.widget_manager.get_model(model.get("library"));
  const code = library.get("script");
  if (!loaded.has(code)) {
    const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    loaded.set(code, import(address).finally(() => URL.revokeObjectURL(address)));
    const style = document.createElement("style");
    style.textContent = library.get("style");
    document.head.append(style);
  }
  return (await loaded.get(code)).default;
}

export default {
  async render(page) {
    return (await playerOf(page.model)).render(page);
  },
};
