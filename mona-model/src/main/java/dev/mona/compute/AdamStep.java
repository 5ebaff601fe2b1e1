package dev.mona.compute;

/**
 * Constants of one step of Adam (Kingma and Ba, ICLR 2015, algorithm 1) with decoupled decay
 * (Loshchilov and Hutter, ICLR 2019).
 *
 * @param beta1 decay of m
 * @param beta2 decay of v
 * @param epsilon added to the root of the corrected v
 * @param decay decoupled weight decay; 0 for none
 * @param learningRate of this step
 * @param iteration steps taken before this one
 */
public record AdamStep(
    double beta1,
    double beta2,
    double epsilon,
    double decay,
    double learningRate,
    long iteration) {}
