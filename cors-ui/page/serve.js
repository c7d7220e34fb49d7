// The page of `cors explain --serve`.

import { engine } from './command.js';
import { start } from './page.js';

start({
  engine,
  firstCase: async () => (await fetch('/case')).json(),
  where: 'Nothing of this leaves your machine: the cors command answers. Ctrl-C there ends it.',
});
