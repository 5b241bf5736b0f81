/** API names out of labels, as the server forms them (contract: metadata.md section 5). */

/** `Employee count` becomes `employeeCount`; empty when nothing of the label can be used. */
export function nameFromLabel(label: string): string {
  const words = plainWords(label).map((word) => word.toLowerCase());
  const name = words.map((word, place) => (place === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
  return /^[0-9]/.test(name) ? `n${name}` : name;
}

/** `Very hot` becomes `VERY_HOT`, the value of an option. */
export function valueFromLabel(label: string): string {
  const value = plainWords(label).join('_').toUpperCase();
  return /^[0-9]/.test(value) ? `OPT_${value}` : value;
}

function plainWords(label: string): string[] {
  const plain = label.normalize('NFD').replace(/\p{M}/gu, '');
  return plain.match(/[a-zA-Z0-9]+/g) ?? [];
}
