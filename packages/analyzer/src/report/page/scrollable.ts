/// <reference lib="dom" />

/** The keyboard reaches a drawing as long as it is wider than its place. */
export function keepScrollable(drawings: NodeListOf<HTMLElement>): void {
  const update = () => {
    for (const drawing of drawings) drawing.tabIndex = drawing.scrollWidth > drawing.clientWidth ? 0 : -1;
  };
  addEventListener("resize", update);
  update();
}
