/** Where the kubelet writes the log files of a node's pods. */
export const POD_LOGS_DIRECTORY = '/var/log/pods';
