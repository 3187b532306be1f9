# The ways Ruby programs write an error down.
require 'json'
require 'logger'
require 'stringio'

AT = '2031-05-06T07:08:09'.freeze

def neat(text)
  text.gsub(%r{/[^ "':(]*/ruby-jwt-([\d.]+)/}, '/usr/local/bundle/gems/jwt-\1/')
      .gsub(%r{/[^ "':(]*recorders/ruby/}, '/app/')
      .gsub(%r{/[^ "':(]*/gems/}, '/usr/local/bundle/gems/').gsub(/0x\h{16}/, '0x00007f1c2a3b4c5d')
end

def logged(error)
  out = StringIO.new
  logger = Logger.new(out)
  logger.formatter = proc { |level, _time, name, msg| "#{level[0]}, [#{AT}.123456 #42]  #{level} -- #{name}: #{msg}\n" }
  logger.warn('auth') { "JWT rejected: #{error.message}" }
  out.string.chomp
end

COATS = [
  ->(e) { e.message },
  ->(e) { "#{e.class}: #{e.message}" },
  ->(e) { "#{AT}Z [req-7f] #{e.class} (#{e.message}):\n  \n#{e.backtrace.first(3).join("\n")}" },
  ->(e) { JSON.generate({ 'errors' => [{ 'status' => '401', 'title' => 'Unauthorized', 'detail' => e.message }] }) },
  ->(e) { e.inspect },
  ->(e) { logged(e) },
  ->(e) { JSON.generate({ 'time' => "#{AT}Z", 'level' => 'warn', 'exception' => [e.class.name, e.message], 'status' => 401 }) },
  ->(e) { e.full_message(highlight: false, order: :top).lines.first(4).join.chomp }
].freeze
