// Random keys without a parameter file, an output or a script.
//
// Bicep has one source of randomness: newGuid() as a parameter's default. A version 4 GUID is 36 characters: 32 hexadecimal
// digits and 4 dashes. Two of the digits are not free, the version and the variant; the 30 others carry 4 random bits each. Three GUIDs in a row
// have 360 such bits, of which a key takes the first 256. Nothing is hashed or stretched on the way: each digit lands in the key as it is.
// How good a key is, is then how good Azure Resource Manager's newGuid() is. docs/operate.md says what is known of that, and how to
// put a key of your own in its place.

@description('The position in a GUID of its free digit with this index. The dashes, the version (at 14) and the variant (at 19) are passed over.')
func positionInGuid(index int) int => index + (index < 8 ? 0 : index < 12 ? 1 : index < 15 ? 3 : index < 18 ? 5 : 6)

@description('The position of the free digit with this index in three GUIDs that are written without a gap.')
func position(index int) int => index / 30 * 36 + positionInGuid(index % 30)

func digit(threeGuids string, index int) int => indexOf('0123456789abcdef', substring(threeGuids, position(index), 1))

func letter(sextet int) string =>
  substring('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', sextet, 1)

@description('Three digits, 12 bits, as two letters of base64.')
func twoLetters(threeGuids string, index int) string =>
  '${letter(digit(threeGuids, index) * 4 + digit(threeGuids, index + 1) / 4)}${letter(digit(threeGuids, index + 1) % 4 * 16 + digit(threeGuids, index + 2))}'

@export()
@description('256 bits as 64 hexadecimal digits.')
func randomHex(threeGuids string) string =>
  join(map(range(0, 64), index => substring(threeGuids, position(index), 1)), '')

@export()
@description('256 bits as base64: 21 times three digits, then the last one. The built-in base64() would encode the text, not the bytes.')
func randomBase64(threeGuids string) string =>
  '${join(map(range(0, 21), index => twoLetters(threeGuids, index * 3)), '')}${letter(digit(threeGuids, 63) * 4)}='
