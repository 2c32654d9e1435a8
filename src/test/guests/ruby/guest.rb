# A reactor does not end, so that nothing would write out what is still in the buffer.
$stdout.sync = true

command, *rest = ARGV
case command
when "hello"
  puts "hello from Ruby"
  warn "Ruby complains"
when "args"
  rest.each { |arg| puts "[#{arg}]" }
when "env"
  puts "#{ENV["GREETING"]}, #{ENV["ABSENT"] || "absent"}"
when "file"
  File.write("/data/out.txt", "Ruby read: #{File.read("/data/in.txt")}")
when "exit"
  # Without the exclamation mark it raises SystemExit, which ends in rb-eval-string-protect.
  exit! Integer(rest[0])
when "crash"
  raise "Ruby crashes"
when "return"
else
  exit! 64
end
