/** What changes in a plan, as a difference; each line begins as in one. */
export const Changes = ({ lines }: { lines: readonly string[] }) => (
  <pre class="changes">
    {lines.map((line) => (
      <span class={SIGN[line[0] ?? ''] ?? ''}>{`${line}\n`}</span>
    ))}
  </pre>
);

const SIGN: Readonly<Record<string, string>> = { '+': 'added', '~': 'changed', '-': 'removed' };
