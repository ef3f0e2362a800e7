/** A list in one line. All of it: a comment shortens what is too long for one, a report hides nothing. */
export function listed(items: readonly string[]): string {
  return items.length === 0 ? 'nothing' : items.join(', ');
}

/** `1 pod`, `3 pods`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A text without passwords in addresses: `https://user:***@host`. */
export function withoutPassword(text: string): string {
  return text.replaceAll(/(\w+:\/\/[^\s:/@]+:)[^\s@/]+@/g, '$1***@');
}
