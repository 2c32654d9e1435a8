// The guest gets 60 of the 64 MiB, as the document on untrusted guests says, and not a page more.
// prints: 960
// prints: INTERRUPT
class Limits {
  private static final String GUEST =
      """
      (module
        (memory 0)
        (func (export "grow") (result i32)
          (loop $more (br_if $more (i32.ge_s (memory.grow (i32.const 1)) (i32.const 0))))
          memory.size)
        (func (export "spin") (loop $again (br $again))))
      """;

  public static void main(String[] args) {
    // block
    Instance guest = Instance.create(store, Module.fromWat(engine, GUEST));
    System.out.println(guest.func("grow").call());
    Thread.currentThread().interrupt();
    try {
      guest.func("spin").call();
    } catch (StoppedException stopped) {
      System.out.println(stopped.reason());
    }
    Thread.interrupted(); // for the next program
    store.close();
    engine.close();
  }
}
