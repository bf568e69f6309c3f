import type { CommandModule } from 'yargs';
import { jsonOption } from '../options.js';
import { printJson, printLine } from '../output.js';

interface Arguments {
  name: string | undefined;
  json: boolean;
}

export const networksCommand: CommandModule<object, Arguments> = {
  command: 'networks [name]',
  describe: 'The built-in networks, or one of them layer by layer',
  builder: (yargs) =>
    yargs
      .positional('name', { type: 'string', describe: 'A built-in network, or the path of a network file' })
      .options(jsonOption)
      .example('$0 networks resnet152', 'the layers of a network'),
  handler: async ({ name, json }) => {
    const { loadNetwork } = await import('../../space/files/network-file.js');
    const { builtinNames } = await import('../../space/files/library.js');
    const { networkJson, renderNetwork, renderNetworks } = await import('../../report/catalog.js');
    if (name !== undefined) {
      const network = loadNetwork(name);
      return json ? printJson(networkJson(network)) : printLine(renderNetwork(network));
    }
    const networks = builtinNames('networks').map((builtin) => loadNetwork(builtin));
    return json ? printJson(networks.map(networkJson)) : printLine(renderNetworks(networks));
  },
};
