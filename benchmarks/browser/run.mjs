// Measures the playground in Chromium, and the same training in the same browser by TensorFlow.js on its CPU and WASM back ends.
//
//   npm install && node run.mjs FOLDER|ADDRESS [--json]
//
// FOLDER is the published page (dotnet publish src/ChainRule.Playground -o site: site/wwwroot), ADDRESS one that is served already,
// such as what chainrule playground says. Training: circles, 2-8-8-1, batch 10, SGD, drawing off; steps of TensorFlow.js are
// forward, gradients and update through its own optimizer, without waiting for the loss, which is its fastest way. Every rate is
// the best of two rounds, the engines in turn.

import { createReadStream, existsSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { chromium } from 'playwright-core';

const [place, option] = process.argv.slice(2);
if (place === undefined || (option !== undefined && option !== '--json')) {
  console.error('Expected the published folder or the address of the playground, such as http://127.0.0.1:8127/, and perhaps --json.');
  process.exit(2);
}

const types = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml', '.wasm': 'application/wasm' };
const peerPage = `<!DOCTYPE html><title>TensorFlow.js</title>
<script src="/@tensorflow/tfjs/dist/tf.min.js"></script>
<script src="/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js"></script>`;

/** Serves a folder from this machine, compressed where there is a compressed form. */
async function serve(folder, page) {
  const server = http.createServer((request, response) => {
    const name = new URL(request.url, 'http://127.0.0.1').pathname;
    if (name === '/' && page !== undefined) {
      response.setHeader('Content-Type', 'text/html').end(page);
      return;
    }
    const file = path.join(folder, path.normalize(name === '/' ? '/index.html' : name));
    if (!file.startsWith(folder) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('Content-Type', types[path.extname(file)] ?? 'application/octet-stream');
    const compressed = existsSync(`${file}.br`);
    if (compressed) {
      response.setHeader('Content-Encoding', 'br');
    }
    createReadStream(compressed ? `${file}.br` : file).pipe(response);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const addressOf = server => `http://127.0.0.1:${server.address().port}/`;
const servers = [await serve(path.join(import.meta.dirname, 'node_modules'), peerPage)];
const peers = addressOf(servers[0]);
let playground = place;
if (!place.startsWith('http')) {
  servers.push(await serve(path.resolve(place)));
  playground = addressOf(servers[1]);
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
/** Steps a second of TensorFlow.js. */
async function peer(backend, activation, seconds) {
  const tab = await browser.newPage();
  await tab.goto(peers);
  const rate = await tab.evaluate(async ([backend, activation, seconds]) => {
    const tf = globalThis.tf;
    if (backend === 'wasm') {
      tf.wasm.setWasmPaths('/@tensorflow/tfjs-backend-wasm/dist/');
    }
    await tf.setBackend(backend);
    await tf.ready();
    const draw = (rows, columns) => tf.variable(tf.randomNormal([rows, columns], 0, Math.sqrt(2 / rows)));
    const weights = [draw(2, 8), draw(8, 8), draw(8, 1)];
    const biases = [8, 8, 1].map(units => tf.variable(tf.zeros([units])));
    const points = Array.from({ length: 140 }, (_, i) => {
      const angle = Math.random() * 2 * Math.PI;
      const radius = i % 2 === 0 ? 1 : 0.5;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
    const batches = Array.from({ length: 14 }, (_, b) => [
      tf.tensor2d(points.slice(10 * b, 10 * b + 10)),
      tf.tensor2d(Array.from({ length: 10 }, (_, i) => [i % 2])),
    ]);
    const optimizer = tf.train.sgd(0.1);
    const act = activation === 'tanh' ? tf.tanh : tf.relu;
    const train = ([x, y]) => optimizer.minimize(() => {
      const first = act(tf.add(tf.matMul(x, weights[0]), biases[0]));
      const second = act(tf.add(tf.matMul(first, weights[1]), biases[1]));
      return tf.losses.sigmoidCrossEntropy(y, tf.add(tf.matMul(second, weights[2]), biases[2]));
    });
    const run = milliseconds => {
      const start = performance.now();
      let steps = 0;
      while (performance.now() - start < milliseconds) {
        for (let i = 0; i < 14; i++) {
          train(batches[i]);
        }
        steps += 14;
      }
      return steps * 1000 / (performance.now() - start);
    };
    run(1000);
    const result = run(1000 * seconds);
    weights[0].dataSync();
    return result;
  }, [backend, activation, seconds]);
  await tab.close();
  return rate;
}

/** Steps a second of the playground. */
async function own(precision, activation, seconds) {
  const tab = await open();
  await tab.selectOption('#activation-1', activation);
  await tab.selectOption('#activation-2', activation);
  await tab.selectOption('#precision', precision);
  await tab.evaluate(() => globalThis.playground.measure(1000));
  await tab.evaluate(() => globalThis.playground.measure(1000));
  const rate = await tab.evaluate(seconds => globalThis.playground.measure(1000 * seconds), seconds);
  await tab.close();
  return rate;
}

async function open() {
  const tab = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  await tab.goto(playground);
  await tab.waitForSelector('#picture');
  return tab;
}

/** The first load into an empty browser: bytes as they come over the wire, and milliseconds until the network can be used. */
async function load() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
  const tab = await context.newPage();
  const session = await context.newCDPSession(tab);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', event => (bytes += event.encodedDataLength));
  const start = performance.now();
  await tab.goto(playground);
  await tab.waitForSelector('#picture');
  const milliseconds = performance.now() - start;
  await context.close();
  return { bytes, milliseconds };
}

/** Frames and steps a second while everything is drawn, at a speed of the page. */
async function play(speed) {
  const tab = await open();
  await tab.selectOption('#speed', { index: speed });
  await tab.click('#play');
  await tab.waitForTimeout(2000);
  const result = await tab.evaluate(async () => {
    const [step, start] = [globalThis.playground.state().step, performance.now()];
    let frames = 0;
    await new Promise(resolve => {
      const next = () => (++frames && performance.now() - start < 3000 ? requestAnimationFrame(next) : resolve());
      requestAnimationFrame(next);
    });
    const seconds = (performance.now() - start) / 1000;
    return { frames: frames / seconds, steps: (globalThis.playground.state().step - step) / seconds };
  });
  await tab.close();
  return result;
}

/** Milliseconds that the inspector takes from one weight to the next, in the middle of so many. */
async function inspect(steps) {
  const tab = await open();
  await tab.waitForTimeout(3000);
  const times = await tab.evaluate(async steps => {
    const times = [];
    for (let i = 0; i < steps; i++) {
      const choice = document.getElementById('inspect-to');
      choice.value = String((i + 1) % 8);
      const start = performance.now();
      choice.dispatchEvent(new Event('change', { bubbles: true }));
      times.push(performance.now() - start);
      await new Promise(resolve => setTimeout(resolve, 200));
    }
    return times.sort((a, b) => a - b);
  }, steps);
  await tab.close();
  return times[Math.floor(times.length / 2)];
}

const rows = [];
for (const activation of ['ReLU', 'Tanh']) {
  const name = activation === 'ReLU' ? 'Relu' : 'Tanh';
  const engines = [
    ['ChainRule, float64', () => own('Bits64', name, 1.5)],
    ['ChainRule, float32', () => own('Bits32', name, 1.5)],
    ['TensorFlow.js 4.22, CPU, float32', () => peer('cpu', name.toLowerCase(), 1.5)],
    ['TensorFlow.js 4.22, WASM, float32', () => peer('wasm', name.toLowerCase(), 1.5)],
  ];
  const best = engines.map(() => 0);
  for (let round = 0; round < 2; round++) {
    for (const [i, [, run]] of engines.entries()) {
      best[i] = Math.max(best[i], await run());
    }
  }
  engines.forEach(([engine], i) => rows.push({ activation, engine, stepsPerSecond: best[i], timesAsLong: best[1] / best[i] }));
}

const loads = [await load(), await load(), await load()];
const page = {
  firstLoadBytes: loads[0].bytes,
  readyMilliseconds: Math.min(...loads.map(one => one.milliseconds)),
  inspectorMilliseconds: await inspect(24),
  playing: [],
};
for (const [speed, wanted] of [[5, '60 steps a second'], [6, '400 steps a second'], [7, 'as many as there is time for']]) {
  page.playing.push({ speed: wanted, ...await play(speed) });
}

await browser.close();
servers.forEach(server => server.close());
if (option === '--json') {
  console.log(JSON.stringify({ training: rows, page }));
} else {
  const number = value => Math.round(value).toLocaleString('en');
  console.log('Training steps a second in Chromium, 2-8-8-1, batch 10, SGD, drawing off:\n');
  console.log('| activation | engine | steps a second | times as long as ChainRule in float32 |');
  console.log('|---|---|---:|---:|');
  for (const { activation, engine, stepsPerSecond, timesAsLong } of rows) {
    console.log(`| ${activation} | ${engine} | ${number(stepsPerSecond)} | ${timesAsLong.toFixed(timesAsLong < 10 ? 1 : 0)} |`);
  }
  console.log(`\nThe page: ${(page.firstLoadBytes / 1e6).toFixed(2)} MB at the first load, ready after ${number(page.readyMilliseconds)} ms; a step of the inspector ${number(page.inspectorMilliseconds)} ms.`);
  for (const { speed, frames, steps } of page.playing) {
    console.log(`Everything drawn, ${speed}: ${number(frames)} frames and ${number(steps)} steps a second.`);
  }
}
