// Trains circles, 2-8-8-1, batch 10, SGD, in Chromium: with the playground's engine, and with TensorFlow.js on its CPU and WASM
// back ends. Prints a table of steps a second; steps of TensorFlow.js are forward, gradients and update through its own
// optimizer, without waiting for the loss, which is its fastest way.
//
//   npm install && node run.mjs ADDRESS     (ADDRESS is what chainrule playground says)

import { createReadStream, existsSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { chromium } from 'playwright-core';

const playground = process.argv[2];
if (playground === undefined) {
  console.error('Expected the address of the playground, such as http://127.0.0.1:8127/.');
  process.exit(2);
}

const modules = path.join(import.meta.dirname, 'node_modules');
const types = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
const page = `<!DOCTYPE html><title>TensorFlow.js</title>
<script src="/@tensorflow/tfjs/dist/tf.min.js"></script>
<script src="/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js"></script>`;
const server = http.createServer((request, response) => {
  const name = new URL(request.url, 'http://127.0.0.1').pathname;
  const file = path.join(modules, path.normalize(name));
  if (name === '/') {
    response.setHeader('Content-Type', 'text/html').end(page);
  } else if (file.startsWith(modules) && existsSync(file)) {
    response.setHeader('Content-Type', types[path.extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  } else {
    response.writeHead(404).end();
  }
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const rows = [];

/** Steps a second of TensorFlow.js. */
async function peer(backend, activation, seconds) {
  const tab = await browser.newPage();
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
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
  const tab = await browser.newPage();
  await tab.goto(playground);
  await tab.waitForSelector('#picture');
  await tab.selectOption('#activation-1', activation);
  await tab.selectOption('#activation-2', activation);
  await tab.selectOption('#precision', precision);
  await tab.evaluate(() => globalThis.playground.measure(1500));
  await tab.evaluate(() => globalThis.playground.measure(1500));
  const rate = await tab.evaluate(seconds => globalThis.playground.measure(1000 * seconds), seconds);
  await tab.close();
  return rate;
}

for (const activation of ['relu', 'tanh']) {
  const name = activation === 'relu' ? 'Relu' : 'Tanh';
  const base = await own('Bits32', name, 4);
  rows.push([activation, 'ChainRule, float32', base, 1]);
  const wide = await own('Bits64', name, 4);
  rows.push([activation, 'ChainRule, float64', wide, base / wide]);
  for (const backend of ['cpu', 'wasm']) {
    const rate = await peer(backend, activation, 4);
    rows.push([activation, `TensorFlow.js 4.22, ${backend}, float32`, rate, base / rate]);
  }
}

await browser.close();
server.close();
console.log('Training steps a second in Chromium, 2-8-8-1, batch 10, SGD, drawing off:\n');
console.log('| activation | engine | steps a second | times as long as ChainRule in float32 |');
console.log('|---|---|---:|---:|');
for (const [activation, engine, rate, ratio] of rows) {
  console.log(`| ${activation} | ${engine} | ${Math.round(rate).toLocaleString('en')} | ${ratio.toFixed(ratio < 10 ? 1 : 0)} |`);
}
