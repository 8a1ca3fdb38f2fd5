// Runs before the first paint, so that a page never flashes in colours that were not chosen.
(() => {
  const root = document.documentElement;
  let look = {};
  try {
    const key = "coptip:look"; // on a kiosk it is known to the outer page alone, as long as the person is here
    look = (root.dataset.keep === "browser" ? JSON.parse(localStorage.getItem(key)) : parent[Symbol.for(key)]) || {};
  } catch {
    // storage that is closed or damaged: the page looks as the device says
  }
  if (["light", "dark"].includes(look.theme)) root.dataset.theme = look.theme;
  if (look.contrast === "high") root.dataset.contrast = "high";
  if (["1.15", "1.3", "1.6"].includes(look.size)) root.style.setProperty("--cp-scale", look.size);
})();
