/** Entry of a bundle of its own: the rows of the views, loaded when one of them is looked at. */
export { ExperimentsTree } from './experimentsTree';
export { NodesTree } from './nodesTree';
