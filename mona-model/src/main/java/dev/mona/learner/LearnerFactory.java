package dev.mona.learner;

import java.io.Serializable;

/**
 * Makes learners on an executor. Small when serialised: large frozen arrays travel by broadcast and
 * are held once per JVM.
 */
public interface LearnerFactory extends Serializable {
  Learner create();
}
