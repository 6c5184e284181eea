import { defineConfig } from 'vitest/config';

export default defineConfig({
  // `css`: the layer test reads the style sheets.
  // One page for the files of a worker: to make one takes longer than most of them.
  test: {
    environment: 'jsdom',
    include: ['tests/*.test.ts'],
    css: true,
    isolate: false,
    maxWorkers: 2
  }
});
