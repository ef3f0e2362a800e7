/** Where the kubelet writes the log files of the pods on a node. */
export const POD_LOGS_DIRECTORY = '/var/log/pods';
