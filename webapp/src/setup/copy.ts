/** Puts a text on the clipboard. `false` when the browser does not allow it. */
export async function copy(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    // Not allowed, or missing: pages without HTTPS have no clipboard.
  }
  const field = document.createElement('textarea');
  field.value = words;
  field.style.cssText = 'position:fixed;inset-block-start:0;opacity:0';
  document.body.append(field);
  const before = document.activeElement;
  field.select();
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the one way without HTTPS
    return document.execCommand('copy');
  } finally {
    field.remove();
    if (before instanceof HTMLElement) {
      before.focus();
    }
  }
}
