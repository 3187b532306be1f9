# Prints one JSON line per text. Usage: LIB=folder of one ruby-jwt version, named ruby-jwt-VERSION.
VERSION = ENV.fetch('LIB')[/[\d.]+\z/]
$LOAD_PATH.unshift("#{ENV.fetch('LIB')}/lib")
$VERBOSE = nil
require 'jwt'
require_relative 'cases'
require_relative 'coats'

# Words that other languages' libraries print letter for letter: recorded with the class beside them.
SHARED = ['Signature has expired', 'Signature verification failed', 'Algorithm not supported', 'Invalid audience',
          'Invalid base64 encoding'].freeze
WITH_CLASS = [1, 2, 4, 6, 7].freeze

def provoke(act)
  act.call
  nil
rescue StandardError, NotImplementedError => e
  e
end

def coat_for(error, turn)
  allowed = SHARED.include?(error.message) ? WITH_CLASS : (0...COATS.size).to_a
  COATS[allowed[turn % allowed.size]]
end

CASES.each_with_index do |(name, reason, versions, captures, act), nth|
  next unless versions.nil? || versions.include?(VERSION)

  error = provoke(act)
  warn "#{VERSION}: nothing said for #{name}" if error.nil?
  next if error.nil? || !error.class.name.start_with?('JWT')

  coat = coat_for(error, nth + ENV.fetch('TURN', '0').to_i)
  puts JSON.generate({ text: neat(coat.call(error)), reason: reason, outcome: reason ? 'rejected' : 'none', also: [],
                       captures: captures, library: 'ruby-jwt', version: VERSION, origin: 'recorded',
                       program: 'tests/corpus/recorders/ruby/record.rb' })
end
