/**
 * The job on Kubernetes: a real {@code spark-submit} and the real image's files against an API
 * server and a kubelet of this machine. May use {@code dev.mona.deploy} and the Kubernetes client.
 */
@NullMarked
package dev.mona.deploy.kubernetes;

import org.jspecify.annotations.NullMarked;
