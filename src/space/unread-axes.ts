import { modelOf } from '../model/models.js';
import type { AxisId } from '../model/resources.js';
import { sweptAxes, type Study } from './study.js';

/** Axes that the study moves and its model reads nothing from. */
export function unreadAxes(study: Study): AxisId[] {
  return sweptAxes(study)
    .map((axis) => axis.id)
    .filter((id) => modelOf(study.model).unread.includes(id));
}
