// prints: Optional[Price[cents=350, currency=EUR]]
public class Components {
  // block

  private static final String GUEST =
      """
      (component
        (core module $code
          (memory (export "memory") 1)
          (data (i32.const 16) "\\01\\00\\00\\00\\5e\\01\\00\\00\\20\\00\\00\\00\\03\\00\\00\\00EUR")
          (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
          (func (export "find") (param i32 i32) (result i32) (i32.const 16)))
        (core instance $code (instantiate $code))
        (type $price (record (field "cents" u32) (field "currency" string)))
        (func $find (param "article" string) (result (option $price))
          (canon lift (core func $code "find")
            (memory (core memory $code "memory")) (realloc (core func $code "realloc"))))
        (component $prices
          (type $price' (record (field "cents" u32) (field "currency" string)))
          (import "price" (type $price (eq $price')))
          (import "find" (func $find (param "article" string) (result (option $price))))
          (export $p "price" (type $price'))
          (export "find" (func $find) (func (param "article" string) (result (option $p)))))
        (instance $prices (instantiate $prices
          (with "price" (type $price))
          (with "find" (func $find))))
        (export "example:shop/prices@1.0.0" (instance $prices)))
      """;

  public static void main(String[] args) throws Exception {
    Files.write(Path.of("shop.wasm"), Module.wat2wasm(GUEST));
    try (Engine engine = Engine.create();
        Store store = Store.create(engine)) {
      // block
      component.close();
    }
  }
}
