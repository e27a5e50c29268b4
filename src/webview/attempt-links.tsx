/** The ways from an attempt to its terminal and to what it changed; `of` names it for who hears the page. */
export function AttemptLinks({ of, open }: { of: string; open: (what: 'openTerminal' | 'openDiff') => void }) {
  return (
    <>
      <button type="button" class="link" aria-label={`Terminal of ${of}`} onClick={() => open('openTerminal')}>
        Terminal
      </button>
      <button type="button" class="link" aria-label={`Changes of ${of}`} onClick={() => open('openDiff')}>
        Changes
      </button>
    </>
  );
}
