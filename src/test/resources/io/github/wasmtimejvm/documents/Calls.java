// prints: 3
// prints: 3
// prints: 3 3 Division[quotient=3, remainder=1] 1
public class Calls {
  // block

  private static final String GUEST =
      """
      (module
        (import "host" "log" (func $log (param i32)))
        (memory (export "memory") 1)
        (func (export "add") (param i32 i32) (result i32)
          (call $log (i32.add (local.get 0) (local.get 1)))
          (i32.add (local.get 0) (local.get 1)))
        (func (export "div-rem") (param i32 i32) (result i32 i32)
          (i32.div_s (local.get 0) (local.get 1))
          (i32.rem_s (local.get 0) (local.get 1))))
      """;

  public static void main(String[] args) {
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, GUEST);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      // block
      System.out.printf(
          "%d %s %s %d%n", sum, same, calculator.divide(7, 2), calculator.memory().size());
    }
  }
}
