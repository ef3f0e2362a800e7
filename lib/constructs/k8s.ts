/**
 * The L1 classes of cdk8s-plus-27, one for each kind of Kubernetes 1.27. The entry point of the package also loads the L2
 * classes, and each `import` statement copies all names: together, a twentieth of a synth.
 */
import k8s = require('cdk8s-plus-27/lib/imports/k8s');

export { k8s };
