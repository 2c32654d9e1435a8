// prints: 1
// prints: 1
public class Pool {
  /** What the component exports. */
  public interface Counter {
    long next();
  }

  private static final String GUEST =
      """
      (component
        (core module $code
          (global $n (mut i32) (i32.const 0))
          (func (export "next") (result i32)
            (global.set $n (i32.add (global.get $n) (i32.const 1)))
            (global.get $n)))
        (core instance $code (instantiate $code))
        (func (export "next") (result u32) (canon lift (core func $code "next"))))
      """;

  public static void main(String[] args) throws InterruptedException {
    try (Engine engine = Engine.builder().interruptible(true).build();
        Component component = Component.fromWat(engine, GUEST)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      // block
      try (ComponentPool.Lease lease = pool.take()) {
        System.out.println(lease.instance().as(Counter.class).next());
      }
      pool.close();
    }
  }
}
