/** Amounts are whole cents: 0.1 + 0.2 is for others. */
export const euro = (cents) => `${(cents / 100).toFixed(2)} €`;

/** A share of an amount, rounded half up to a whole cent. */
export const percent = (cents, share) => Math.floor((cents * share) / 100 + 0.5);

export const sum = (amounts) => amounts.reduce((total, amount) => total + amount, 0);
