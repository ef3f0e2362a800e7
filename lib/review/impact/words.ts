const FEW = 8;

/** A list in one line; of a long one its beginning, as the changes below it tell the rest. */
export function listed(items: readonly string[]): string {
  if (items.length === 0) return 'nothing';
  const rest = items.length - FEW;
  return rest > 1 ? `${items.slice(0, FEW).join(', ')} and ${rest} more` : items.join(', ');
}

/** `1 pod`, `3 pods`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A text without passwords in addresses: `https://user:***@host`. */
export function withoutPassword(text: string): string {
  return text.replaceAll(/(\w+:\/\/[^\s:/@]+:)[^\s@/]+@/g, '$1***@');
}
