import { resilienceOnBed } from './bedTests.mjs';
import { tourOnBed } from './bedTour.mjs';
import { contractOnRealServers } from './contract.mjs';
import { queriesOnEngines } from './engines.mjs';
import { killsOfNode } from './node/kills.mjs';
import { testsOnNode, tourOnNode } from './onNode.mjs';
import { tourWithPrometheus } from './tour.mjs';

/** What `npm run test:real` consists of, by name; each is given what follows the name on the command line. */
export const PARTS = {
  contract: contractOnRealServers,
  tour: tourWithPrometheus,
  node: testsOnNode,
  engines: queriesOnEngines,
  bed: tourOnBed,
  nodeTour: tourOnNode,
  nodeKills: killsOfNode,
  bedTests: resilienceOnBed,
};

/**
 * The order: of each stage its rows side by side, each row one part after the other. Those of the first mostly wait; the
 * metrics of real databases show what else the machine does. The other parts are asked for by their names only: figures
 * for docs/diagnosis.md, and a check that takes minutes.
 */
export const STAGES = [[['contract'], ['tour'], ['node', 'engines']], [['bed']]];
