/** One mention of another module in a text, as written: nothing is looked up yet. */
export interface Reference {
  /** `package` is what a Java file says of itself, `module` a Rust `mod name;`, `type` a name in a JSDoc comment. */
  kind: 'import' | 'require' | 'type' | 'module' | 'package';
  /** `./a`, `..pkg.mod`, `crate::a::b`, `com.example.A`. */
  specifier: string;
  /** What is taken from it, where that can be a module of its own: Python's `from a import b`. */
  names?: readonly string[];
}

/** A part of a text keeps the whole of it in memory: what is kept longer than the text is a copy. */
export const apart = (part: string): string => (part.length < SHORT ? part : ` ${part}`.slice(1));

/** Shorter parts are copied by the engine itself. */
const SHORT = 13;
