// Takes the place of the native module @vscode/spdlog, which npm has only as source. With it the editor keeps its log
// files and output channels show their text, on a machine without a compiler. It does not rotate files.
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];

class Logger {
  #file;
  #level = levels.indexOf('info');
  #plain = false;

  constructor(_kind, _name, file) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
  }

  trace(text) {
    this.#write('trace', text);
  }
  debug(text) {
    this.#write('debug', text);
  }
  info(text) {
    this.#write('info', text);
  }
  warn(text) {
    this.#write('warning', text);
  }
  error(text) {
    this.#write('error', text);
  }
  critical(text) {
    this.#write('critical', text);
  }
  getLevel() {
    return this.#level;
  }
  setLevel(level) {
    this.#level = level;
  }
  // The editor knows one pattern: time, level, text.
  setPattern() {
    this.#plain = false;
  }
  // From then on text is taken as it is, line ends included: an output channel brings its own.
  clearFormatters() {
    this.#plain = true;
  }
  flush() {}
  drop() {}

  #write(level, text) {
    if (levels.indexOf(level) < this.#level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    appendFileSync(this.#file, this.#plain ? text : `${time} [${level}] ${text}\n`);
  }
}

const createLogger = async (_name, file) => new Logger('rotating', '', file);

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
