/** Schema of network files. */
import { LARGEST_FILTER } from '../../../model/layer.js';
import { MAX_LAYERS } from '../limits.js';
import { DRAFT, MAX_DIMENSION, object, text, wholeNumber, type JsonSchema } from './parts.js';

/** A number that means both, or [height, width]. */
const heightWidth = (description: string, minimum: number, maximum = MAX_DIMENSION): JsonSchema => ({
  type: ['integer', 'array'],
  minimum,
  maximum,
  items: { type: 'integer', minimum, maximum },
  minItems: 2,
  maxItems: 2,
  description: `${description}: [height, width], or one number for both`,
});

export const NETWORK_SCHEMA: JsonSchema = {
  ...DRAFT,
  title: 'A network: its convolution layers',
  ...object(
    {
      name: text('name of the network'),
      layers: {
        type: 'array',
        description: 'its convolutions, each shape once',
        minItems: 1,
        maxItems: MAX_LAYERS,
        items: object(
          {
            name: text('name of the layer, unique in the network'),
            in_channels: wholeNumber('channels of the IFmap'),
            in_height: wholeNumber('height of the IFmap'),
            in_width: wholeNumber('width of the IFmap'),
            out_channels: wholeNumber('channels of the OFmap'),
            filter: heightWidth('filter size', 1, LARGEST_FILTER),
            stride: { ...heightWidth('stride', 1), default: 1 },
            padding: { ...heightWidth('padding on each side', 0), default: 0 },
            groups: { ...wholeNumber('groups of channels'), default: 1 },
            count: { ...wholeNumber('how often the network has this shape'), default: 1 },
          },
          ['name', 'in_channels', 'in_height', 'in_width', 'out_channels', 'filter'],
        ),
      },
    },
    ['name', 'layers'],
  ),
};
