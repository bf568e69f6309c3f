/** The script of the page. The page can be read and printed without it. */
import type { PageData } from '../page-data.js';
import { addTheme } from './theme.js';
import { WorkloadView } from './workload-view.js';

const data = JSON.parse(document.getElementById('data')!.textContent) as PageData;

addTheme(document.querySelector('.theme')!);

const sections = [...document.querySelectorAll<HTMLElement>('section.workload')];
sections.forEach((section, w) => {
  new WorkloadView(section, data.workloads[w]!);
});

// Of several workloads, one at a time.
const select = document.querySelector<HTMLSelectElement>('.select select');
if (select) {
  const show = () => sections.forEach((section, w) => section.classList.toggle('away', w !== Number(select.value)));
  select.addEventListener('change', show);
  show();
}

document.documentElement.dataset['ready'] = 'true';
