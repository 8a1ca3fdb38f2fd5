// Runs before the first paint, so that a page never flashes in colours that were not chosen.
(() => {
  const root = document.documentElement;
  let look = {};
  if (root.dataset.keep === "browser") {
    try {
      look = JSON.parse(localStorage.getItem("coptip:look")) || {};
    } catch {
      // storage that is closed or damaged: the page looks as the device says
    }
  }
  if (["light", "dark"].includes(look.theme)) root.dataset.theme = look.theme;
  if (look.contrast === "high") root.dataset.contrast = "high";
  if (["1.15", "1.3", "1.6"].includes(look.size)) root.style.setProperty("--cp-scale", look.size);
})();
