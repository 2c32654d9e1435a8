import { getArguments, getEnvironment } from 'wasi:cli/environment@0.2.12';
import { exit, exitWithCode } from 'wasi:cli/exit@0.2.12';

export const run = {
  run() {
    const [, command, ...args] = getArguments();
    switch (command) {
      case 'hello':
        console.log('hello from JavaScript');
        console.error('JavaScript complains');
        break;
      case 'args':
        args.forEach((arg) => console.log(`[${arg}]`));
        break;
      case 'env': {
        const { GREETING, ABSENT = 'absent' } = Object.fromEntries(getEnvironment());
        console.log(`${GREETING}, ${ABSENT}`);
        break;
      }
      case 'exit-ok':
        exit({ tag: 'ok' });
        break;
      case 'exit-error':
        exit({ tag: 'err' });
        break;
      case 'exit-with-code':
        exitWithCode(Number(args[0]));
        break;
      case 'throw':
        throw new Error('JavaScript crashes');
      case 'return':
        break;
      default:
        throw undefined; // is how the error of `result` is returned
    }
  },
};
