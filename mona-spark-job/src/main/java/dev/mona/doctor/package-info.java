/**
 * What {@code mona doctor} looks at in one process: versions, engines and natives, threads, memory,
 * devices, disks, and a product of matrices checked against a plain loop. Each examination writes
 * facts, and sentences about what is wrong, into a {@link dev.mona.doctor.Chart}. May use {@code
 * device}, {@code spark} and {@code storage}; reads nothing from the network.
 */
@NullMarked
package dev.mona.doctor;

import org.jspecify.annotations.NullMarked;
