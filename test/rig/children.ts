import { createServer, type Server, type Socket } from 'node:net';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readProcess } from '../../src/process/process-table.ts';

/**
 * Real processes that do nothing until the test says so. Each is a Node program that connects to the test's socket,
 * says who it is, and obeys one order at a time; the test never waits for time to pass.
 */
export class Children {
  readonly #server: Server;
  readonly #path = join(tmpdir(), `children-${process.pid}-${(serial += 1)}.sock`);
  readonly #waiting: Child[] = [];
  readonly #wanted: ((child: Child) => void)[] = [];
  readonly #all: Child[] = [];

  private constructor() {
    this.#server = createServer((socket) => this.#greet(socket));
  }

  static async open(): Promise<Children> {
    const children = new Children();
    await new Promise<void>((resolve) => children.#server.listen(children.#path, resolve));
    return children;
  }

  /** What to start so that a process of this kind appears. */
  get argv(): readonly string[] {
    return [process.execPath, '-e', SCRIPT, this.#path];
  }

  /** The same as a line for `sh`. */
  get line(): string {
    return this.argv.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  }

  /** The next process that connected. */
  next(): Promise<Child> {
    const child = this.#waiting.shift();
    return child ? Promise.resolve(child) : new Promise((resolve) => this.#wanted.push(resolve));
  }

  /** How many ever connected. */
  get count(): number {
    return this.#all.length;
  }

  /** Ends every process that is still there. */
  async close(): Promise<void> {
    for (const child of this.#all) child.end();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#path, { force: true });
  }

  #greet(socket: Socket): void {
    const lines = createInterface({ input: socket });
    socket.on('error', () => undefined);
    lines.once('line', (line) => {
      const greeting: Greeting = JSON.parse(line);
      const child = new Child(greeting, socket, lines);
      this.#all.push(child);
      const wanted = this.#wanted.shift();
      if (wanted) wanted(child);
      else this.#waiting.push(child);
    });
  }
}

let serial = 0;

interface Greeting {
  pid: number;
  cwd: string;
  env: Record<string, string>;
}

/** One process under the test's command. */
export class Child {
  readonly pid: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The process is gone: its socket closed. */
  readonly gone: Promise<void>;
  readonly #socket: Socket;
  readonly #lines: ReturnType<typeof createInterface>;

  constructor({ pid, cwd, env }: Greeting, socket: Socket, lines: ReturnType<typeof createInterface>) {
    this.pid = pid;
    this.cwd = cwd;
    this.env = env;
    this.#socket = socket;
    this.#lines = lines;
    this.gone = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** Writes bytes to one of its streams; resolves when they are in the pipe. */
  write(bytes: string | Buffer, stream: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
    return this.#ask({ do: 'write', stream, base64: Buffer.from(bytes).toString('base64') });
  }

  /** Writes the same line again and again until so many bytes are written. */
  flood(bytes: number): Promise<string> {
    return this.#ask({ do: 'flood', bytes });
  }

  /** Takes so many bytes of memory, and uses them. */
  take(bytes: number): Promise<string> {
    return this.#ask({ do: 'take', bytes });
  }

  /** Everything on its standard input. */
  read(): Promise<string> {
    return this.#ask({ do: 'read' });
  }

  /** From now on the signal does nothing. */
  ignore(signal: NodeJS.Signals): Promise<string> {
    return this.#ask({ do: 'ignore', signal });
  }

  /**
   * Starts another process of the same kind, which the test gets from `next()`. `detached`: in a session of its own;
   * `clean`: without the environment.
   */
  fork(options: { detached?: boolean; clean?: boolean } = {}): Promise<string> {
    return this.#ask({ do: 'fork', ...options });
  }

  /** Ends it with this code. */
  exit(code: number): Promise<void> {
    this.#socket.write(`${JSON.stringify({ do: 'exit', code })}\n`);
    return this.gone;
  }

  /** Ends it whatever it does. */
  end(): void {
    this.#socket.destroy();
    try {
      process.kill(this.pid, 'SIGKILL');
    } catch {
      // It has ended already, which is what was wanted.
    }
  }

  /** False once the process has ended, reaped or not. */
  async isAlive(): Promise<boolean> {
    return (await readProcess(this.pid)) !== undefined;
  }

  #ask(order: object): Promise<string> {
    this.#socket.write(`${JSON.stringify(order)}\n`);
    const answer = new Promise<string>((resolve) => this.#lines.once('line', resolve));
    const gone = this.gone.then(() => Promise.reject(new Error('the child is gone')));
    return Promise.race([answer, gone]);
  }
}

const SCRIPT = `
const { spawn } = require('node:child_process');
const socket = require('node:net').connect(process.argv[1]);
const answer = (text) => socket.write(String(text ?? '').replaceAll('\\n', '\\\\n') + '\\n');
const line = Buffer.from('x'.repeat(99) + '\\n');
const held = [];
const orders = {
  take: ({ bytes }) => { held.push(Buffer.alloc(bytes, 1)); answer('taken'); },
  write: ({ stream, base64 }) => process[stream].write(Buffer.from(base64, 'base64'), () => answer('written')),
  flood: ({ bytes }) => {
    const more = () => {
      for (; bytes > 0; bytes -= 100) if (!process.stdout.write(line)) return process.stdout.once('drain', () => { bytes -= 100; more(); });
      process.stdout.write('', () => answer('flooded'));
    };
    more();
  },
  read: () => {
    let text = '';
    process.stdin.on('data', (chunk) => { text += chunk; }).on('end', () => answer(text));
  },
  ignore: ({ signal }) => { process.on(signal, () => {}); answer('ignored'); },
  fork: ({ detached = false, clean = false }) => {
    const env = clean ? {} : process.env;
    const child = spawn(process.execPath, ['-e', script, process.argv[1]], { detached, env, stdio: detached ? 'ignore' : 'inherit' });
    child.unref();
    answer(child.pid);
  },
  exit: ({ code }) => process.exit(code),
};
const script = process.execArgv[1];
socket.on('connect', () => socket.write(JSON.stringify({ pid: process.pid, cwd: process.cwd(), env: process.env }) + '\\n'));
socket.on('error', () => process.exit(99));
require('node:readline').createInterface({ input: socket }).on('line', (text) => { const order = JSON.parse(text); orders[order.do](order); });
`;
