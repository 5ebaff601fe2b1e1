/**
 * libtorch as an engine, on the CPU and on NVIDIA GPUs, through JavaCPP. Arrays are tensors that
 * are allocated once and written by {@code _out} calls; nothing here records derivatives. Depends
 * on {@code dev.mona.compute} only, which finds it by {@link java.util.ServiceLoader}. The classes
 * that name CUDA are loaded where the build on the class path computes on GPUs.
 */
@NullMarked
package dev.mona.torch;

import org.jspecify.annotations.NullMarked;
