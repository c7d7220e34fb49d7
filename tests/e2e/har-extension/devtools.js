// Runs beside the developer tools. Waits for requests of the recorder, and answers each with what the network panel holds.

const RECORDER = 'http://127.0.0.1:PORT';

const panel = () => new Promise((resolve) => chrome.devtools.network.getHAR(resolve));

async function serve() {
  for (;;) {
    const asked = await fetch(`${RECORDER}/next`);
    if (asked.status !== 200) continue;
    await fetch(`${RECORDER}/har`, { method: 'POST', body: JSON.stringify({ log: await panel() }) });
  }
}

serve();
