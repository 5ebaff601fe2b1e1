package dev.mona.torch;

import dev.mona.MonaException;
import dev.mona.compute.Collective;
import dev.mona.compute.Communication;
import dev.mona.compute.Membership;
import org.bytedeco.pytorch.global.torch;

/** Gloo, which comes with libtorch: TCP between the members, not encrypted. */
public final class Gloo implements Communication {
  /** Opened by {@link java.util.ServiceLoader}. */
  public Gloo() {}

  @Override
  public String library() {
    return "Gloo of libtorch " + Libtorch.VERSION;
  }

  @Override
  public void load() {
    try {
      Libtorch.load(torch.class);
    } catch (LinkageError e) {
      throw new MonaException(
          MonaException.Category.ENVIRONMENT,
          "libtorch is on the class path without its natives ("
              + e.getMessage()
              + "): use a jar that was built with the profile torch or torch-cuda",
          e);
    }
  }

  @Override
  public Collective join(Membership membership) {
    load();
    Libtorch.enter();
    return new GlooCollective(membership, Rendezvous.of(membership));
  }
}
