import { defineConfig } from 'vitest/config';

export default defineConfig({
  // `css`: the layer test reads the style sheets.
  test: { environment: 'jsdom', include: ['tests/*.test.ts'], css: true }
});
