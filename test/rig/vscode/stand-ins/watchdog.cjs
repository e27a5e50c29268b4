// Takes the place of the native module native-watchdog, which npm has only as source: ends this process when the one
// it works for is gone. The native module does so even when the process is busy; this one has to wait its turn.
const secondsBetweenLooks = 3;

exports.start = (id) => {
  setInterval(() => {
    try {
      process.kill(id, 0);
    } catch {
      process.exit(87);
    }
  }, secondsBetweenLooks * 1000).unref();
};

exports.exit = (code = 0) => process.exit(code);
