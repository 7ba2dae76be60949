"""One coherent story in examples, of the demo data: Ingrid books two seats of Amina's food walk and pays by M-Pesa."""
