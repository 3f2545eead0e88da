import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Asked } from './ask.js';

/** A live stream that is open for as long as the suite runs; it keeps everything it hears. */
export class Ear {
  heard = '';
  #close: () => void = () => undefined;

  private constructor(
    readonly about: string,
    /** What it told the server by itself. */
    readonly sent: string[],
  ) {}

  /** Settles when the stream has begun, or was refused. */
  static async open(
    transport: 'sse' | 'ws',
    url: string,
    { key, asked, sent }: { key: string; asked: Asked; sent: string[] },
  ): Promise<Ear> {
    const ear = new Ear(`${transport} ${asked.path}`, sent);
    const address = `${url}${asked.path}`;
    await (transport === 'sse' ? ear.#follow(address, key) : ear.#connect(address, key));
    return ear;
  }

  /** Whether it hears this within the time. */
  async hears(text: string, timeoutMs = 10_000): Promise<boolean> {
    const end = Date.now() + timeoutMs;
    while (Date.now() < end && !this.heard.includes(text)) await delay(20);
    return this.heard.includes(text);
  }

  close(): void {
    this.#close();
  }

  #follow(address: string, key: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = get(address, { headers: { 'x-api-key': key }, agent: false }, (answer) => {
        answer.on('data', (chunk: Buffer) => (this.heard += chunk.toString()));
        answer.on('error', () => undefined);
        resolve();
      });
      request.once('error', reject);
      this.#close = () => request.destroy();
    });
  }

  #connect(address: string, key: string): Promise<void> {
    return new Promise((resolve) => {
      const socket = new WebSocket(address.replace(/^http/, 'ws'), { headers: { 'x-api-key': key } });
      socket.on('message', (data) => (this.heard += `${String(data)}\n`));
      socket.once('open', () => resolve());
      socket.once('error', (error) => {
        this.heard += String(error);
        resolve();
      });
      this.#close = () => socket.terminate();
    });
  }
}
