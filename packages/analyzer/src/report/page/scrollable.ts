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
  // A folded box has no width: its size changes when it is opened.
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) update(target as HTMLElement);
  });
  for (const box of boxes) {
    box.addEventListener("scroll", () => update(box), { passive: true });
    observer.observe(box);
    update(box);
  }
}
