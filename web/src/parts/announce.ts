/** Short messages: shown in the corner for a while, and read out to who cannot see them. */
const SHOWN_MS = 4000;

let listener: (text: string) => void = () => {};

/** Tells that a thing is done, such as "Copied". */
export function announce(text: string): void {
  listener(text);
}

/** Gives messages, and the end of each, to the one place that shows them. */
export function onAnnouncement(show: (text: string) => void): () => void {
  let timer = 0;
  listener = (text) => {
    clearTimeout(timer);
    // A region that keeps its text is not read out again.
    show('');
    requestAnimationFrame(() => show(text));
    timer = window.setTimeout(() => show(''), SHOWN_MS);
  };
  return () => {
    clearTimeout(timer);
    listener = () => {};
  };
}
