/** The script of the live view for pages without the labextension: without maths and without Stop. */

import css from '../lib/view.css';
import { english } from './text/i18n';
import { OPTIONS } from './view/context';
import { createRunView } from './view/runView';
import { liveWidget } from './widget/liveWidget';

export default () =>
  liveWidget(({ host, began }) => {
    const style = host.ownerDocument.createElement('style');
    style.className = 'gm-sheet';
    style.textContent = css;
    host.append(style);
    return createRunView(host, { trans: english, options: OPTIONS }, began);
  });
