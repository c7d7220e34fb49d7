// Firefox, as the recorder needs it.

import { launchFirefox } from '../../support/firefox.mjs';

/** As `open` of Chromium. */
export async function open(port) {
  const firefox = await launchFirefox({ port });
  return {
    version: firefox.version,
    visit: firefox.visit,
    async call(made, argument) {
      const [outcome, error] = await firefox.execute(CALL.replace('FUNCTION', () => String(made)), [argument]);
      if (error !== null) throw new Error(error);
      return outcome;
    },
    close: firefox.close,
  };
}

const CALL = `
  const [argument, done] = arguments;
  Promise.resolve((FUNCTION)(argument)).then((outcome) => done([outcome, null]), (error) => done([null, String(error)]));`;
