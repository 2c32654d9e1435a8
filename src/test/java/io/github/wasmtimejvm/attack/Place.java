package io.github.wasmtimejvm.attack;

import java.util.List;
import java.util.Random;

/** Where a guest runs. */
enum Place {
  MAIN_THREAD(SmallStack.BY_DEFAULT),
  THREAD_OF_256_KIB(true),
  THREAD_OF_512_KIB(true),
  THREAD_OF_1_MIB(false),
  THREAD_OF_8_MIB(false),
  VIRTUAL_THREAD(SmallStack.BY_DEFAULT),
  DEEP_STACK(true),
  END_OF_STACK(true);

  // On the smallest thread, and at the end of a stack, a guest is rarely let in.
  private static final List<Place> OFTEN =
      List.of(
          MAIN_THREAD,
          MAIN_THREAD,
          THREAD_OF_256_KIB,
          THREAD_OF_512_KIB,
          THREAD_OF_1_MIB,
          THREAD_OF_1_MIB,
          THREAD_OF_8_MIB,
          THREAD_OF_8_MIB,
          VIRTUAL_THREAD,
          VIRTUAL_THREAD,
          VIRTUAL_THREAD,
          DEEP_STACK,
          DEEP_STACK,
          DEEP_STACK,
          END_OF_STACK);

  private static final int DEEPEST = 6000;
  private static final int FROM_THE_END = 4000;

  private final boolean tight;

  Place(boolean tight) {
    this.tight = tight;
  }

  static Place any(Random random) {
    return OFTEN.get(random.nextInt(OFTEN.size()));
  }

  /** Whether there may be too little stack for any guest. */
  boolean isTight() {
    return tight;
  }

  /** Runs a task, and returns when it has ended. */
  void run(Random random, Runnable task) throws InterruptedException {
    switch (this) {
      case MAIN_THREAD -> task.run();
      case THREAD_OF_256_KIB -> thread(256 << 10, task);
      case THREAD_OF_512_KIB -> thread(512 << 10, task);
      case THREAD_OF_1_MIB -> thread(1 << 20, task);
      case THREAD_OF_8_MIB -> thread(8 << 20, task);
      case VIRTUAL_THREAD -> Thread.ofVirtual().start(task).join();
      case DEEP_STACK -> {
        Descent descent = new Descent(random.nextInt(DEEPEST), 0, task);
        thread(1 << 20, descent::down);
      }
      case END_OF_STACK -> {
        Descent descent = new Descent(Integer.MAX_VALUE, random.nextInt(FROM_THE_END), task);
        thread(1 << 20, descent::down);
      }
    }
  }

  private static void thread(long stack, Runnable task) throws InterruptedException {
    Thread thread = new Thread(null, task, "attack", stack);
    thread.start();
    thread.join();
  }

  /** A recursion, from whose deepest frame, or some frames above, a task is run once. */
  private static final class Descent {
    private final Runnable task;
    private int down;
    private int up;

    Descent(int down, int up, Runnable task) {
      this.down = down;
      this.up = up;
      this.task = task;
    }

    void down() {
      try {
        if (down > 0) {
          down--;
          down();
        }
      } catch (StackOverflowError e) {
        down = 0; // here it ends
      }
      if (up == 0) {
        up--;
        task.run();
      } else if (up > 0) {
        up--;
      }
    }
  }
}
