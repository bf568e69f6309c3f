/** The tooltip beside the pointer. */
const MARGIN = 14;

const tip = () => document.querySelector<HTMLElement>('.tip')!;

/** @param at pixels of the window */
export function showTip(at: { x: number; y: number }, title: string, lines: readonly string[]): void {
  const element = tip();
  const heading = document.createElement('b');
  heading.textContent = title;
  const paragraphs = lines.map((line) => {
    const paragraph = document.createElement('span');
    paragraph.textContent = line;
    return paragraph;
  });
  element.replaceChildren(heading, ...paragraphs);
  element.hidden = false;
  const { width, height } = element.getBoundingClientRect();
  const left = at.x + MARGIN + width > innerWidth ? Math.max(MARGIN / 2, at.x - MARGIN - width) : at.x + MARGIN;
  const top = at.y + MARGIN + height > innerHeight ? at.y - MARGIN - height : at.y + MARGIN;
  element.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(0, top))}px)`;
}

export function hideTip(): void {
  tip().hidden = true;
}
