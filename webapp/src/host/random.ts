/** 26 random letters and digits, the form of Mattermost's own ids. Works without HTTPS, where `randomUUID` is missing. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(26)), (byte) => (byte % 36).toString(36)).join('');
}
