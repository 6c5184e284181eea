import { afterEach, expect, test, vi } from 'vitest';
import loader from '../src/widget/loader';
import type { LiveWidget } from '../src/widget/liveWidget';
import { answerRequests } from '../src/widget/widgetRequest';

const SCRIPT = `export default () => ({
  initialize() { globalThis.drawnBy = 'script'; },
  render({ el }) { el.textContent = 'drawn'; return () => { el.textContent = ''; }; }
});`;

type Props = Parameters<ReturnType<typeof loader>['render']>[0];

/** A model as anywidget hands it over, whose manager has the models that `found` returns. */
function modelOf(found: () => { get(name: string): unknown }): Props['model'] {
  return {
    get: (name: string) => (name === 'script' ? 'the-id' : {}),
    widget_manager: {
      get_model: async (id: string) => {
        expect(id).toBe('the-id');
        return found();
      }
    }
  } as unknown as Props['model'];
}

function propsOf(model: Props['model']): Props {
  return { model, el: document.createElement('div') } as unknown as Props;
}

const code = { get: () => `data:text/javascript,${encodeURIComponent(SCRIPT)}` };

// Node imports no blobs; a browser does: tests/test_lab_live.py.
vi.stubGlobal('Blob', function ([text]: string[]) {
  return { text };
});
URL.createObjectURL = ((blob: unknown) =>
  (blob as { text: string }).text) as typeof URL.createObjectURL;

afterEach(() => {
  vi.useRealTimers();
});

test('the loader draws with the script of the model that the kernel made', async () => {
  const widget = loader();
  const props = propsOf(modelOf(() => code));
  widget.initialize(props);
  const end = await widget.render(props);
  expect(props.el.textContent).toBe('drawn');
  end();
  expect(props.el.textContent).toBe('');
});

test('the loader draws with the widget of the page where there is one', async () => {
  const own: LiveWidget = { initialize: vi.fn(), render: vi.fn(() => () => {}) };
  const stop = answerRequests(document, () => own);
  const widget = loader();
  const props = propsOf(modelOf(() => expect.unreachable()));
  widget.initialize(props);
  await widget.render(props);
  expect(own.initialize).toHaveBeenCalledWith({ model: props.model });
  expect(own.render).toHaveBeenCalledOnce();
  stop();
});

test('the loader waits for a model that the page does not have yet, until the run is over', async () => {
  vi.useFakeTimers();
  let known = false;
  const model = modelOf(() => {
    if (!known) {
      throw new Error('widget model not found');
    }
    return code;
  });
  const [waiting, ended] = [loader(), loader()];
  const [first, second] = [propsOf(model), propsOf(model)];
  waiting.initialize(first);
  ended.initialize(second)();
  await vi.advanceTimersByTimeAsync(2_000);
  await ended.render(second);
  expect([first.el.textContent, second.el.textContent]).toEqual(['', '']);
  known = true;
  await vi.advanceTimersByTimeAsync(2_000);
  vi.useRealTimers();
  await waiting.render(first);
  expect([first.el.textContent, second.el.textContent]).toEqual(['drawn', '']);
});
