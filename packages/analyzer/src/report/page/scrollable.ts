/// <reference lib="dom" />

/**
 * What is wider than its place can be scrolled by the keyboard too, and shows at its edges that there is more: the
 * style draws a shadow at a side with the attribute.
 */
export function keepScrollable(boxes: NodeListOf<HTMLElement>): void {
  const update = (box: HTMLElement) => {
    const hidden = box.scrollWidth - box.clientWidth;
    box.tabIndex = hidden > 1 ? 0 : -1;
    box.toggleAttribute("data-more-left", box.scrollLeft > 1);
    box.toggleAttribute("data-more-right", hidden - box.scrollLeft > 1);
  };
  // Calls back for every box that is shown, and for a folded one when it is opened: to ask a folded box for its width
  // would make the browser lay out all that is folded.
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) update(target as HTMLElement);
  });
  for (const box of boxes) {
    box.addEventListener("scroll", () => update(box), { passive: true });
    observer.observe(box);
  }
}
